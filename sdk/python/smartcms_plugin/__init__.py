"""What a SmartCMS plugin in Python is written against: small helpers beside the generated bindings (`wit_world`).

Import what is needed: `from smartcms_plugin import fields, log, settings` and
`from smartcms_plugin.problems import problem, refuse`.
"""
