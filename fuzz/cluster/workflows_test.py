#!/usr/bin/env python3
"""workflows_test.py SOURCE_DIR: the workflows are what GitHub and ClusterFuzzLite take, as far as that shows without them:
YAML with jobs and steps, actions of a major version, inputs that those actions have, scripts that bash can read and whose
programs are there. Exit codes: 0 they are, 1 one is not, 77 python3-yaml is not installed."""
import pathlib
import re
import subprocess
import sys

try:
    import yaml
except ImportError:
    print("workflows_test.py: no python3-yaml here: skipped")
    sys.exit(77)

# The inputs of the actions, from their action.yml.
CLUSTER = "language dry-run sanitizer github-token storage-repo storage-repo-branch storage-repo-branch-coverage"
ACTIONS = {
    "google/clusterfuzzlite/actions/build_fuzzers":
        CLUSTER + " allowed-broken-targets-percentage project-src-path bad-build-check keep-unaffected-fuzz-targets upload-build",
    "google/clusterfuzzlite/actions/run_fuzzers":
        CLUSTER + " fuzz-seconds mode report-unreproducible-crashes minimize-crashes parallel-fuzzing output-sarif report-timeouts report-ooms",
    "github/codeql-action/upload-sarif": "sarif_file checkout_path ref sha token matrix category wait-for-processing",
    "actions/checkout": "repository ref token path fetch-depth submodules persist-credentials",
    "actions/upload-artifact": "name path if-no-files-found retention-days compression-level overwrite",
}
MODES = {"code-change", "batch", "prune", "coverage"}
EVENTS = {"push", "pull_request", "schedule", "workflow_dispatch"}


def mistakes_of_action(step):
    action, _, version = step["uses"].partition("@")
    if not re.fullmatch(r"v\d+", version):
        yield f"{action}: expected a major version, found '{version}'"
    if action not in ACTIONS:
        yield f"{action}: expected one of {', '.join(ACTIONS)}"
        return
    for name in set(step.get("with", {})) - set(ACTIONS[action].split()):
        yield f"{action}: has no input '{name}'"


def mistakes_of_script(step, source):
    script = re.sub(r"\$\{\{.*?\}\}", "x", step["run"])
    checked = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True, check=False)
    if checked.returncode != 0:
        yield f"bash: {checked.stderr.strip()}"
    for program in re.findall(r"(?:^|[\s;|&])((?:\./|\.ci/)[\w./-]+)", script):
        if not (source / program).exists():
            yield f"there is no {program}"


def mistakes_of_cluster(jobs, sanitizers):
    """Each job of ClusterFuzzLite builds and runs with one sanitizer, which the project has."""
    for name, job in jobs.items():
        steps = [step for step in job["steps"] if "clusterfuzzlite" in step.get("uses", "")]
        used = {step["with"].get("sanitizer") for step in steps}
        if len(used) > 1:
            yield f"{name}: expected one sanitizer, found {used}"
        for sanitizer in used:
            values = job["strategy"]["matrix"]["sanitizer"] if "matrix." in sanitizer else [sanitizer]
            for value in set(values) - sanitizers - {"coverage"}:
                yield f"{name}: project.yaml has no sanitizer {value}"
        for step in steps:
            mode = step["with"].get("mode")
            if "run_fuzzers" in step["uses"] and mode not in MODES:
                yield f"{name}: expected a mode, found {mode}"
            if step["with"].get("language") != "c++":
                yield f"{name}: expected language: c++"


def mistakes_in(workflow, source, sanitizers):
    events = workflow.get("on", workflow.get(True))  # YAML 1.1 reads `on` as true
    if not events or set(events) - EVENTS:
        yield f"expected events, found {events}"
    for name, job in workflow["jobs"].items():
        if "runs-on" not in job:
            yield f"{name}: expected runs-on"
        uploads = any("upload-sarif" in step.get("uses", "") for step in job["steps"])
        permissions = job.get("permissions", workflow.get("permissions", {}))
        if uploads and permissions.get("security-events") != "write":
            yield f"{name}: upload-sarif needs security-events: write"
        for step in job["steps"]:
            if ("uses" in step) == ("run" in step):
                yield f"{name}: expected uses or run"
            elif "uses" in step:
                yield from (f"{name}: {mistake}" for mistake in mistakes_of_action(step))
            else:
                yield from (f"{name}: {mistake}" for mistake in mistakes_of_script(step, source))
    yield from mistakes_of_cluster(workflow["jobs"], sanitizers)


def main(source):
    sanitizers = set(yaml.safe_load((source / "fuzz/cluster/project.yaml").read_text())["sanitizers"])
    wrong = {
        "on": {"pushed": None},
        "jobs": {"a": {"steps": [
            {"uses": "actions/checkout@main", "with": {"nosuch": 1}},
            {"run": "if; ./nosuch.sh"},
            {"uses": "google/clusterfuzzlite/actions/run_fuzzers@v1", "with": {"mode": "ci", "sanitizer": "memory", "language": "c"}},
        ]}},
    }
    found = list(mistakes_in(wrong, source, sanitizers))  # the test can fail
    assert len(found) == 9, found
    modes = set()
    errors = []
    for file in sorted((source / ".github/workflows").glob("*.yml")):
        workflow = yaml.safe_load(file.read_text())
        errors += [f"{file.name}: {mistake}" for mistake in mistakes_in(workflow, source, sanitizers)]
        modes |= {step.get("with", {}).get("mode") for job in workflow["jobs"].values() for step in job["steps"]}
    errors += [f"no workflow has the mode {mode}" for mode in sorted(MODES - modes)]
    print("\n".join(errors) if errors else "workflows_test.py: they are right")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
