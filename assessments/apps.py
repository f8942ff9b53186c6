from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "核查"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What can be derived is named where it is known."""
        from assessments.spot_checks import deriving as inspections  # noqa: F401
        from assessments.subsidies import deriving as subsidies  # noqa: F401
