"""Every write of the directory, one module for each subject.

A refusal is a `ValidationError` with a code; each service says which. Each leaves its trace in the
audit (`members.audit`), in the same transaction.
"""
