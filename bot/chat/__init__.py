"""The conversation, whatever carries it: an Incoming finds a route, a handler and a Reply."""
