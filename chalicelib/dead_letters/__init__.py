"""Dead letters: messages that no function could take, as an operator looks at them, redrives or discards them."""
