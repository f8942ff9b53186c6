from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What the worker can do is named where it is made, what can be derived where it is known."""
        from reports import deriving  # noqa: F401
        from reports.jobs import exports  # noqa: F401
