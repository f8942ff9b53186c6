import io
import json

import pytest
from django.core.management import CommandError, call_command

from assessments.models import Period, Survey
from reports import pdf
from tests.reports.test_pdf import text_of


def export(*args, **options):
    out = io.StringIO()
    call_command("export_facility", *args, stdout=out, **options)
    return out.getvalue()


def test_pdf_and_json_are_written(snapshot, tmp_path):
    paper, plain = tmp_path / "r.pdf", tmp_path / "r.json"
    said = export("440402001", "--period", "2026Q3", "--format", "pdf", "--output", str(paper))
    export("440402001", "--period", "2026Q3", "--format", "json", "--output", str(plain))
    report = json.loads(plain.read_text())
    assert "翠香街道人力资源和社会保障服务所 2026年第三季度" in said
    assert report["submission"]["content_hash"] in text_of(paper.read_bytes())
    assert report["verdict"]["score"] == "91.0"


@pytest.mark.parametrize(
    ("code", "period", "sentence"),
    [
        ("440499", "2026Q3", "没有代码为“440499”的单位"),
        ("440402001", "2026Q5", "没有季度“2026Q5”"),
        ("440402001", "2025Q1", "没有季度“2025Q1”"),
    ],
)
def test_what_is_unknown_is_named(snapshot, tmp_path, code, period, sentence):
    with pytest.raises(CommandError, match=sentence):
        export(code, "--period", period, "--output", str(tmp_path / "r.pdf"))
    assert not list(tmp_path.iterdir())


def test_no_survey_in_a_known_quarter(snapshot, doumen, tmp_path):
    with pytest.raises(CommandError, match="井岸镇人力资源和社会保障服务所在 2026Q3 没有填报"):
        export("440403001", "--period", "2026Q3", "--output", str(tmp_path / "r.pdf"))


def test_not_yet_submitted(standards, office, surveyor, tmp_path):
    Survey.objects.create(facility=office, period=Period.objects.create(year=2026, quarter=3), created_by=surveyor)
    with pytest.raises(CommandError, match="还没有提交"):
        export("440402001", "--period", "2026Q3", "--output", str(tmp_path / "r.pdf"))


def test_without_pango_json_still_works(snapshot, tmp_path, monkeypatch):
    def missing():
        raise pdf.PdfUnavailable

    monkeypatch.setattr(pdf, "press_of_process", missing)
    with pytest.raises(CommandError, match=r"libpango-1\.0-0"):
        export("440402001", "--period", "2026Q3", "--output", str(tmp_path / "r.pdf"))
    export("440402001", "--period", "2026Q3", "--format", "json", "--output", str(tmp_path / "r.json"))


def test_a_place_that_cannot_be_written(snapshot, tmp_path):
    with pytest.raises(CommandError, match="请换一个能写的位置"):
        export("440402001", "--period", "2026Q3", "--format", "json", "--output", str(tmp_path / "no" / "r.json"))
