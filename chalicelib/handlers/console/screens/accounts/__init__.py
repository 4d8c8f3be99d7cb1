"""The screens of accounts: people, API keys, decisions that wait for a second person."""
