"""Score the extractive drafts of every transcript at every checkpoint, with both word budgets.

Run from the checkout: `python bench/score_drafts.py [--only NAME] [--show]`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "drafting")]

import transcripts  # noqa: E402

from app.llm.extractive_drafter import ExtractiveDrafter  # noqa: E402

NEXT_UPDATE = {"section": "Next update", "text": "In 30 minutes.", "citations": []}
HEAD = (
    f"{'transcript':26} {'at':>8} {'words':>5} {'recall':>6} {'unkn':>5} {'cited':>5} "
    f"{'wrong':>5} {'stale':>5} {'leak':>4} {'num':>4}"
)


def row(name: str, result: dict[str, Any]) -> str:
    unknown = result["unknown_recall"]
    cited = "ok" if result["citation_validity_rate"] in (None, 1.0) and not result["uncited_sentence_share"] else "NO"
    return (
        f"{name:26} {result['checkpoint_t']:>8} {result['words'] - 3:>5} {result['fact_recall'] or 0:>6.2f} "
        f"{unknown if unknown is not None else 1:>5.2f} {cited:>5} {result['must_not_say_violations']:>5} "
        f"{result['stale_facts']:>5} {result['injection_leaks']:>4} {len(result['numbers_not_in_cited_messages']):>4}"
    )


def explain(result: dict[str, Any], draft: list[dict[str, Any]]) -> None:
    for line in draft:
        print(f"      [{line['section'][:14]:14}] {line['text']} {line['citations']}")
    print("      missed:", result["missed_facts"], result["missed_unknowns"], result["violations"], result["stale"])
    print("      leaks:", result["leaks"], result["numbers_not_in_cited_messages"], result["citation_support_rate"])


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--skip", default="\0")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--postmortem", action="store_true")
    parser.add_argument("--words", type=int, nargs="*", default=[350, 250])
    wanted = parser.parse_args()
    scorer = transcripts.scorer()
    if scorer is None:
        raise SystemExit("The scorer is not beside this checkout (../shared/tools/score_draft.py).")
    chosen = [
        name
        for name in transcripts.names()
        if wanted.only in name and not any(s in name for s in wanted.skip.split(","))
    ]
    for words in wanted.words:
        print(f"\n{words} words\n{HEAD}")
        totals: list[tuple[float, float]] = []
        for name in chosen:
            transcript = transcripts.load(name)
            checkpoints = transcript["truth"]["checkpoints"]
            for checkpoint in checkpoints[-1:] if wanted.postmortem else checkpoints:
                evidence = transcripts.evidence(transcript, checkpoint["t"])
                drafter = ExtractiveDrafter(words)
                if wanted.postmortem:
                    draft = transcripts.as_scored(await drafter.draft_postmortem(evidence))
                else:
                    draft = [*transcripts.as_scored(await drafter.draft_update(evidence)), NEXT_UPDATE]
                result = scorer.score(transcript, draft, checkpoint)
                totals.append(
                    (
                        result["fact_recall"] or 0,
                        result["unknown_recall"] if result["unknown_recall"] is not None else 1,
                    )
                )
                print(row(name, result))
                if wanted.show:
                    explain(result, draft)
        print(
            f"{'average':41} {sum(t[0] for t in totals) / len(totals):>6.3f} "
            f"{sum(t[1] for t in totals) / len(totals):>5.2f}"
        )
        if wanted.postmortem:
            break


if __name__ == "__main__":
    asyncio.run(main())
