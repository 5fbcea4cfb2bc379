"""`purefix initiator` and `purefix acceptor`: sessions without the screen."""
