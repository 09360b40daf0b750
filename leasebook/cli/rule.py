"""
`leasebook rule`: the page of a rule, or of an error code.
"""

import re

import click

from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options
from leasebook.report.pages_rule import code_table, rule_list, rule_tables
from leasebook.rulebook.loading import Rulebook
from leasebook.rulebook.page import rule_page
from leasebook.rulebook.rule import FRAMEWORKS, Decision, Rule
from leasebook.values.catalogue import CODES
from leasebook.values.nearest import nearest


def _advice(rule_id: str, rulebook: Rulebook) -> str:
    decisions = (decision for each in rulebook.decisions.values() for decision in each)
    ids = {rule.id for decision in decisions for rule in decision.rules}
    return f"there is no rule {rule_id!r}; {nearest(rule_id, ids)}"


def _about(text: str, rulebook: Rulebook) -> list[tuple[Decision, Rule]]:
    """The rules of a decision, or those that cite a paragraph."""
    every = [(d, rule) for each in rulebook.decisions.values() for d in each for rule in d.rules]
    if of_decision := [(d, rule) for d, rule in every if d.name == text]:
        return of_decision
    cited = re.compile(rf"(?<![\w.-]){re.escape(text)}(?![\w-])")
    return [(d, rule) for d, rule in every if cited.search(rule.cites)]


@click.command("rule", help=COMMANDS["rule"])
@click.argument("rule_id", metavar="ID")
@output_options(amounts=False)
def command(rule_id: str, out: Output) -> None:
    """Prints what a rule says, reads and has been tried on; or what an error code means.

    A decision, or a paragraph, lists the rules that belong to it.
    """
    if rule_id.upper() in CODES:
        out.tables([code_table(CODES[rule_id.upper()])], "units")
        return
    rulebook = Rulebook.load(cases=True)
    found = rulebook.rules(rule_id)
    if not found and (listed := _about(rule_id, rulebook)):
        out.tables([rule_list(rule_id, listed)], "units")
        return
    if not found:
        raise click.BadParameter(_advice(rule_id, rulebook), param_hint="ID")
    full_ids = [f"{FRAMEWORKS[decision.framework]}.{rule.id}" for decision, rule in found]
    pages = [table for full_id in full_ids for table in rule_tables(rule_page(rulebook, full_id))]
    out.tables(pages, "units")
