from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "standards"
    verbose_name = "规范"
    default_auto_field = "django.db.models.BigAutoField"
