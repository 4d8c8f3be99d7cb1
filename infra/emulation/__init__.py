"""Behaviour of AWS that moto leaves out, laid over moto for the rehearsals.

Texts of errors are those that AWS sends, as recorded by public test suites and SDKs; each module names its source.
"""
