"""A real process that is watched: metrics, entries as JSON, and a door that is announced before it closes."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx

from bot.simulator.app import serve
from tests.process.support import CANARY, ListeningApi, ended, free_port, start

TOKEN = "0123456789abcdef"
STOPS_WITHIN = 10.0


def test_process_serves_metrics_logs_json_and_says_that_it_ends_before_it_does(tmp_path: Path) -> None:
    api = ListeningApi()
    log = tmp_path / "log"

    async def life() -> tuple[int, str, int, list[str]]:
        async with serve(api) as port:
            web = free_port()
            process = await start(
                "run",
                log=log,
                BOT_TOKEN=CANARY,
                BOT_API_URL=f"http://127.0.0.1:{port}",
                DATABASE_URL=f"sqlite:///{tmp_path / 'bot.db'}",
                WEB_PORT=str(web),
                WEBHOOK_URL=f"http://127.0.0.1:{web}/tg",
                WEBHOOK_SECRET="rahasia",
                LOG_FORMAT="json",
                METRICS_TOKEN=TOKEN,
            )
            await api.called("setWebhook", 1)
            address = f"http://127.0.0.1:{web}"
            async with httpx.AsyncClient(base_url=address, trust_env=False, verify=False) as client:
                ready = await client.get("/readyz")
                metrics = await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
                await _says_nonsense(web)
                process.terminate()
                await asyncio.sleep(0.5)
                ending = await client.get("/readyz")
            assert await ended(process, within=STOPS_WITHIN) == 0
            wrong = [check["wrong"] for check in ending.json()["checks"] if check["needed"] and not check["ok"]]
            return ready.status_code, metrics.text, ending.status_code, wrong

    ready, metrics, ending, wrong = asyncio.run(life())

    assert (ready, ending, wrong) == (200, 503, ["the process is ending"])
    assert 'tangga_telegram_calls_total{bot="8123456789",method="setWebhook",verdict="ok"} 1.0' in metrics
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    assert "uvicorn.error" in [entry["logger"] for entry in entries]
    assert [entry for entry in entries if not {"time", "level", "logger", "message", "replica"} <= entry.keys()] == []
    assert CANARY.partition(":")[2] not in log.read_text()


async def _says_nonsense(port: int) -> None:
    """Let the web server itself have something to say."""
    reading, writing = await asyncio.open_connection("127.0.0.1", port)
    writing.write(b"halo\r\n\r\n")
    await reading.read()
    writing.close()
