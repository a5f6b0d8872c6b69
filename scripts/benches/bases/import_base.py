"""A base of 10 columns goes in, against COPY of clean bytes and one upsert (see import_steps, which does both)."""

from __future__ import annotations

from ..shared.harness import Figure, Run
from . import import_steps

WHAT = "import of 1 M rows × 10 columns (20,000) with all it checks; against COPY of clean bytes and an upsert"


async def bench(run: Run) -> list[Figure]:
    """Rows a second of the whole import; then what can be done with a base, once each."""
    rows = run.size(1_000_000, 20_000, 500)
    folder = run.folder / "import"
    folder.mkdir(exist_ok=True)
    file, changed, clean = folder / "base.csv", folder / "changed.csv", folder / "clean.tsv"
    import_steps.write_file(file, rows)
    import_steps.write_file(changed, rows, add=1)
    import_steps.clean_bytes(clean, rows)
    database = import_steps.Database(run.servers.postgres)

    async def ours() -> float:
        return rows / (await import_steps.ours(database, folder, file, changed, whole=False))["import"]

    async def peer() -> float:
        return rows / await import_steps.peer(database, clean)

    imported = await run.compare(f"rows/s, {rows:,} new rows", "/s", ">= 0.85", ours, ("COPY and upsert", peer))
    if run.tiny:
        return [imported]
    whole = await import_steps.ours(database, folder, file, changed, whole=True)
    others = [Figure(f"rows/s: {what}", rows / took, "/s") for what, took in whole.items() if what != "import"]
    return [imported, *others]
