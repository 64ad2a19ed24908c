"""What can go wrong with what a user hands in; every message names the thing and the mend."""


class PolicyparseError(Exception):
    """An input that cannot be used. The message is one line for a person and names the file."""


class ReadError(PolicyparseError):
    """A notice that cannot be read: missing, undecodable, of an unknown format."""


class RuleError(PolicyparseError):
    """A rule file that cannot be used; the message names the file, the rule and the fault."""
