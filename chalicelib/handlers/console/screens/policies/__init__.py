"""The screens of rules: a platform's policy, the regulator's bounds, campaigns (专项), and guards against poisoning."""
