#!/usr/bin/env python3
"""validate.py SCHEMA: checks each line of standard input, a JSON object, against a JSON schema. Exit codes: 0 all are
valid, 1 one is not or there is none, 77 python3-jsonschema is not installed."""
import json
import sys

try:
    import jsonschema
except ImportError:
    print("validate.py: no python3-jsonschema here: skipped")
    sys.exit(77)

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
validator = jsonschema.validators.validator_for(schema)
validator.check_schema(schema)
lines = [line for line in sys.stdin if line.strip()]
errors = 0
for line in lines:
    for error in validator(schema).iter_errors(json.loads(line)):
        errors += 1
        print(f"validate.py: {error.json_path}: {error.message} in {line}", file=sys.stderr)
if not lines:
    print("validate.py: expected a line, found none", file=sys.stderr)
sys.exit(1 if errors or not lines else 0)
