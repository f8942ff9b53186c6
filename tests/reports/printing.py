"""The PDF of a survey as an officer comes by it: at once where it was issued, else out of the job that makes it."""

from __future__ import annotations

from typing import Any

from django.test import Client

from reports.jobs.running import run
from reports.models import Job


def paper(client: Client, url: str) -> Any:
    """The response that carries it, or whatever else was answered."""
    answer = client.get(url)
    if answer.status_code != 200 or answer.headers["Content-Type"] == "application/pdf":
        return answer
    begun = client.post(url)
    job = Job.objects.get(pk=begun.url.strip("/").rpartition("/")[2])
    run.call(str(job.pk), job.attempt)
    return client.get(f"/jobs/{job.pk}/result/")


def paper_bytes(client: Client, url: str) -> bytes:
    answer = paper(client, url)
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)
