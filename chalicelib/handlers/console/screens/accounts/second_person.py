"""The regulator's switch: for whom acts that reach far wait for a second person."""

from typing import Final

from chalicelib import errors, wiring
from chalicelib.handlers.console import console_frame, performing, previews
from chalicelib.handlers.console.previews import Preview
from chalicelib.handlers.console.texts.second_person_texts import MODES
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.messages import ErrorCode

TITLE: Final = ("双人复核的范围", "For whom acts wait")
ALONE: Final = (
    "此后影响重大的操作由一人即可办理。",
    "From then on acts that reach far are done by a person alone.",
)


def preview(visit: Visit) -> Reply:
    """What another mode will do, for all organisations for which no other was set."""
    from chalicelib.second_person import pending_decisions

    mode = _mode(visit)
    name, says = MODES[mode]
    now = pending_decisions.read_rule(wiring.exchange())
    t = visit.t
    return previews.draw(
        visit,
        TITLE,
        Preview(
            heading=t(*name),
            says=t(*says),
            rows=(
                (t("现在", "Now"), t(*MODES[now.mode][0])),
                (t("另有规定的机构", "Organisations with a mode of their own"), str(len(now.organisations))),
            ),
            warning=t(*ALONE) if mode == "off" else "",
            sent={"mode": [mode]},
            action="decisions/rule",
            button=t("更改", "Change"),
            back="decisions",
        ),
    )


def set_rule(visit: Visit) -> Reply:
    """Set the mode of all organisations; those with a mode of their own keep it."""
    from chalicelib.second_person import pending_decisions

    kept = dict(pending_decisions.read_rule(wiring.exchange()).organisations)
    done = performing.do(visit, "setSecondPersonRule", {"mode": _mode(visit), "organisations": kept}, {})
    return done if isinstance(done, Reply) else console_frame.go_to(visit, "decisions")


def _mode(visit: Visit) -> str:
    mode = visit.field("mode")
    if mode not in MODES:
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field="mode", expected=list(MODES))
    return mode
