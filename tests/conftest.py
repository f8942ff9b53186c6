"""Shared by every folder: browser tests say why they skip, or refuse to be skipped."""

import os
import shutil

import pytest

#: what these test is said by pages, papers, workbooks and counts: the database beneath is only where the answers lie
PRINTED = (
    "access/test_admin.py",
    "access/test_matrix.py",
    "assessments/test_adoption.py",
    "assessments/test_adoption_acts.py",
    "assessments/test_adoption_many.py",
    "assessments/test_comparing.py",
    "assessments/test_demo.py",
    "assessments/test_evidence.py",
    "assessments/test_grid.py",
    "assessments/test_queries.py",
    "assessments/test_questionnaire.py",
    "assessments/test_rectification_pages.py",
    "assessments/test_relevance.py",
    "assessments/test_reminding.py",
    "assessments/test_review_pages.py",
    "assessments/test_survey_pages.py",
    "assessments/test_timetables.py",
    "assessments/test_unchanged.py",
    "assessments/test_vanishing.py",
    "assessments/test_workbook_template.py",
    "assessments/test_workbook_upload.py",
    "facilities/test_demo_accounts.py",
    "facilities/test_extra_staff.py",
    "facilities/test_facility_pages.py",
    "facilities/test_lists.py",
    "facilities/test_officer_pages.py",
    "facilities/test_officers.py",
    "facilities/test_roster.py",
    "reports/test_checklist.py",
    "reports/test_documents.py",
    "reports/test_evidence.py",
    "reports/test_export.py",
    "reports/test_issued.py",
    "reports/test_pages.py",
    "reports/test_pdf.py",
    "reports/test_unit_workbook.py",
    "reports/test_workbook.py",
    "returns/test_appraisals.py",
    "returns/test_bulletins.py",
    "returns/test_files.py",
    "returns/test_pages.py",
    "returns/test_recount.py",
    "spot_checks/test_pages.py",
    "standards/test_pages.py",
    "subsidies/test_statements.py",
)
NO_CHROMIUM = "没有找到 chromium，跳过浏览器测试。请安装：apt install chromium fonts-noto-cjk"


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items):
    for item in items:
        if not asks_a_database(item) or item.path.as_posix().endswith(PRINTED):
            item.add_marker(pytest.mark.once)
    marked = [item for item in items if item.get_closest_marker("browser")]
    if not marked or shutil.which("chromium"):
        return
    if os.environ.get("REQUIRE_BROWSER") == "1":
        raise pytest.UsageError("REQUIRE_BROWSER=1，但没有找到 chromium。请安装：apt install chromium fonts-noto-cjk")
    for item in marked:
        item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


def asks_a_database(item):
    """What asks none says the same whatever the database is."""
    return item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
