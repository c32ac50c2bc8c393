"""A policy with what it must answer, so that many changes of one statement are looked at quickly."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from tests.template.iam.evaluation import Decision, Statement, applies, is_named, listed
from tests.template.iam.layers import Question


class Checked:
    """A policy and its questions.

    Attributes:
        owner: Whose it is.
        statements: Its statements.
        principals: Whom it must name before any condition; None for a policy of a role or user.
    """

    def __init__(
        self,
        owner: str,
        statements: Sequence[Statement],
        questions: Sequence[Question],
        principals: set[str] | None = None,
    ) -> None:
        self.owner, self.statements, self.principals = owner, list(statements), principals
        self._questions = questions
        self._about: dict[str, list[int]] = defaultdict(list)
        for number, question in enumerate(questions):
            self._about[question.request.action].append(number)
        # The first of each action, the second of each, and so on: what a wildcard lets through is found soon.
        rounds = zip_longest(*self._about.values())
        self._mixed = [number for each in rounds for number in each if number is not None]
        self._applied = [self._numbers(each) for each in self.statements]

    def _numbers(self, statement: Statement) -> set[int]:
        """Return the numbers of the questions that a statement is about."""
        return {
            number
            for action, numbers in self._about.items()
            if is_named(statement, action)
            for number in numbers
            if applies(statement, self._questions[number].request)
        }

    def actions(self) -> set[str]:
        """Return every action that a statement names."""
        return {action for each in self.statements for action in listed(each["Action"])}

    def wrong(self) -> Iterator[str]:
        """Yield a line for each question that the policy answers otherwise than it must."""
        for number, question in enumerate(self._questions):
            decision = self._decide(number)
            if decision is not question.wanted:
                yield f"{self.owner}: {question.request} is to be {question.wanted.value}, not {decision.value}"
        if self.principals is not None and named(self.statements) != self.principals:
            yield f"{self.owner} names {named(self.statements)}, not {self.principals}"

    def sees(self, index: int, statement: Statement) -> bool:
        """Tell whether a question, or the names, tell the policy from one with another statement at *index*."""
        changed = [*self.statements[:index], statement, *self.statements[index + 1 :]]
        if self.principals is not None and named(changed) != self.principals:
            return True
        numbers = self._touched(self.statements[index], statement)
        return any(self._decide(number, index, statement) is not self._questions[number].wanted for number in numbers)

    def _touched(self, before: Statement, after: Statement) -> Iterable[int]:
        """Return the numbers of the questions whose answers may differ."""
        old, new = set(listed(before["Action"])), set(listed(after["Action"]))
        if any("*" in action for action in old | new):
            return self._mixed
        actions = old ^ new if before == {**after, "Action": before["Action"]} else old | new
        return (number for action in actions for number in self._about.get(action, ()))

    def _decide(self, number: int, index: int | None = None, changed: Statement | None = None) -> Decision:
        effects = {
            statement["Effect"]
            for position, statement in enumerate(self.statements)
            if position != index and number in self._applied[position]
        }
        if changed is not None and applies(changed, self._questions[number].request):
            effects.add(changed["Effect"])
        return Decision.DENY if "Deny" in effects else Decision.ALLOW if effects else Decision.SILENT


def named(statements: Sequence[Statement]) -> set[str]:
    """Return whom the statements of a policy of a resource or role name, before any condition."""
    return {who for each in statements for sort in each["Principal"].values() for who in listed(sort)}
