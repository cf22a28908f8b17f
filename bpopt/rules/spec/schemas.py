"""The keys that app.json, app specs and project.toml may have, as tables.

Each type is a line of keys; `key=type` says of what type the value (or each item of a list) is,
`key=*type` that of each value of a map whose keys are free; a key without a type is not looked into.

Sources, read 2026-11-24:
- app spec: https://github.com/digitalocean/godo/blob/3fce660c40164d739042422abd984198ea680c63/apps.gen.go
- app.json of Heroku: https://devcenter.heroku.com/articles/app-json-schema
- app.json of Dokku: https://dokku.com/docs/appendices/file-formats/app-json/
- scalingo.json: https://doc.scalingo.com/platform/app/app-manifest
- project.toml: https://github.com/buildpacks/spec/blob/main/extensions/project-descriptor.md and
  https://github.com/heroku/buildpacks-deb-packages
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.documents.tree import Entry, Node

LARGEST = 2000  # nodes that are looked at; no spec has more
_SOURCE = "git=git github=repository gitlab=repository bitbucket=repository"
_COMPONENT = f"name {_SOURCE} source_dir envs=env alerts=alert log_destinations=log"
_BUILT = f"{_COMPONENT} dockerfile_path build_command environment_slug"
_RUN = f"{_BUILT} image=image run_command instance_size_slug instance_count"
_CHECK = (
    "initial_delay_seconds period_seconds timeout_seconds success_threshold failure_threshold http_path port"
)

APP_SPEC = {
    "spec": "name services=service static_sites=static_site workers=worker jobs=job functions=function"
    " databases=database domains=domain region envs=env alerts=alert ingress=ingress egress=egress features"
    " maintenance=maintenance vpc=vpc disable_edge_cache disable_email_obfuscation"
    " enhanced_threat_control_enabled",
    "service": f"{_RUN} autoscaling=autoscaling http_port protocol routes=route health_check=health_check cors=cors"
    " internal_ports termination=termination inactivity_sleep liveness_health_check=liveness",
    "worker": f"{_RUN} autoscaling=autoscaling termination=grace liveness_health_check=liveness",
    "job": f"{_RUN} kind schedule=schedule termination=grace timeout",
    "static_site": f"{_BUILT} output_dir index_document error_document catchall_document routes=route cors=cors",
    "function": f"{_COMPONENT} routes=route cors=cors",
    "env": "key value scope type",
    "git": "repo_clone_url branch",
    "repository": "repo branch deploy_on_push",
    "image": "registry_type registry repository tag digest registry_credentials deploy_on_push=enabled",
    "enabled": "enabled",
    "route": "path preserve_path_prefix",
    "health_check": f"{_CHECK} path",
    "liveness": _CHECK,
    "autoscaling": "min_instance_count max_instance_count metrics=metrics",
    "metrics": "cpu=percent requests_per_second=per_instance request_duration=p95",
    "percent": "percent",
    "per_instance": "per_instance",
    "p95": "p95_milliseconds",
    "termination": "drain_seconds grace_period_seconds",
    "grace": "grace_period_seconds",
    "schedule": "cron time_zone",
    "alert": "rule disabled operator value window",
    "log": "name papertrail datadog logtail open_search endpoint tls_insecure headers",
    "cors": "allow_origins=origin allow_methods allow_headers expose_headers max_age allow_credentials",
    "origin": "exact prefix regex",
    "database": "name engine version size num_nodes production cluster_name db_name db_user",
    "domain": "domain type wildcard zone certificate minimum_tls_version",
    "ingress": "load_balancer load_balancer_size rules=rule secure_header=header",
    "rule": "match=match component=routing redirect=redirect cors=cors",
    "match": "path=path authority=path",
    "path": "prefix exact",
    "routing": "name preserve_path_prefix rewrite",
    "redirect": "uri authority port scheme redirect_code",
    "header": "key value remove_header",
    "egress": "type",
    "maintenance": "enabled archive offline_page_url",
    "vpc": "id",
}

# Scalars of an app spec that are not text, and lists, whatever they stand in.
INTEGERS = (
    "instance_count http_port port initial_delay_seconds period_seconds timeout_seconds success_threshold"
    " failure_threshold drain_seconds grace_period_seconds num_nodes min_instance_count max_instance_count percent"
    " per_instance p95_milliseconds load_balancer_size redirect_code"
)
BOOLEANS = (
    "deploy_on_push enabled disabled production wildcard preserve_path_prefix allow_credentials archive remove_header"
    " tls_insecure disable_edge_cache disable_email_obfuscation enhanced_threat_control_enabled"
)
LISTS = (
    "features internal_ports allow_methods allow_headers expose_headers papertrail datadog logtail open_search headers"
    " inactivity_sleep"
)

_MANIFEST = "env=*env formation=*formation scripts=scripts addons=addon buildpacks=buildpack"

APP_JSON = {
    "root": f"$schema name description keywords website repository logo success_url stack image {_MANIFEST}"
    " environments=*environment cron=cron healthchecks",
    "environment": f"{_MANIFEST} name description keywords website repository logo success_url stack image",
    "env": "description value required generator sync",
    "formation": "quantity size max_parallel autoscaling service command",
    "scripts": "postdeploy pr-predestroy test test-setup dokku=dokku",
    "dokku": "predeploy postdeploy",
    "addon": "plan as options",
    "buildpack": "url",
    "cron": "command schedule maintenance concurrency_policy",
}

# Only this part of scalingo.json is written down where everybody can read it.
SCALINGO_FORMATION = {"root": "amount size"}

PROJECT_TOML = {
    "root": "_=project io=io com build=build project=project",
    "project": "schema-version id name version authors documentation-url source-url licenses=license metadata",
    "license": "type uri",
    "io": "buildpacks=buildpacks",
    "buildpacks": "schema-version builder include exclude group=group pre=groups post=groups build=environment",
    "groups": "group=group",
    "group": "id version uri script=script",
    "script": "api shell inline",
    "environment": "env=variable",
    "variable": "name value",
    "build": "include exclude builder buildpacks=group env=variable",
}

DEB_PACKAGES = {
    "root": "install=package download sources=source",
    "package": "name skip_dependencies force",
    "source": "uri suites components arch signed_by",
}


@cache
def keys(line: str) -> dict[str, str]:
    """The keys of one type, each with the type of its value (empty for none)."""
    pairs = (word.partition("=") for word in line.split())
    return {key: kind for key, _, kind in pairs}


class Found(NamedTuple):
    """A key of a document, the type it stands in, the keys of that type, and its own name as the reader has it."""

    entry: Entry
    where: str
    known: dict[str, str]
    name: str


def walk(root: Node | None, schema: dict[str, str], top: str, folded: bool = False) -> Iterator[Found]:
    """Every key of a document along its schema. `folded`: the reader takes keys in any case, as Go's does."""
    stack: list[tuple[Node, str]] = [(root, top)] if root is not None else []
    left = LARGEST
    while stack and left > 0:
        node, kind = stack.pop()
        stack += [(item, kind) for item in node.items]
        known = keys(schema[kind])
        entries = node.entries[:left]
        left -= 1 + len(entries)
        for entry in entries:
            name = entry.key.lower() if folded else entry.key
            yield Found._make((entry, kind, known, name))
            inner = known.get(name)
            if not inner:
                continue
            if inner[0] == "*":
                stack += [(e.value, inner[1:]) for e in entry.value.entries]
            else:
                stack.append((entry.value, inner))
