"""What the screens of reports and rosters have in common: files looked at before they count, lists by day."""
