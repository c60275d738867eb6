"""One file an activity: translate the event in, make one use-case call, translate the outcome out."""
