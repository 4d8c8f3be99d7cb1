"""What stands before the functions: the gateway's log, its headers, and the web ACL."""
