"""The text: editions of standards as rows, so that findings can point at them and pages can list them.

The words and rules of an edition are its file, kept whole in ``StandardFile``; ``loading.edition_of`` parses it once
a process. Clause and Requirement repeat of it what is listed, joined and counted in SQL.
"""

from __future__ import annotations

from django.db import models


class Standard(models.Model):
    """An edition of a standard: key and effective date. A published edition never changes."""

    key = models.CharField(max_length=40)
    effective = models.DateField()
    until = models.DateField(null=True, blank=True)
    title = models.CharField(max_length=100)
    source = models.CharField(max_length=40)
    subjects = models.JSONField()  # list of subject keys
    by_adoption = models.BooleanField(default=False)  # in force only where it is adopted, never by itself
    content_hash = models.CharField(max_length=64)  # SHA-256 of what may never change: words, rules, meaning of facts
    loaded_hash = models.CharField(max_length=64)  # SHA-256 of all three texts, labels and explanations included
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["key", "-effective"]
        constraints = [models.UniqueConstraint(fields=["key", "effective"], name="standard_edition")]

    def __str__(self) -> str:
        return f"{self.source} {self.title}"


class StandardFile(models.Model):
    """The fixture as published, with the dictionary and the interpretations it was read with (TOML texts)."""

    standard = models.OneToOneField(Standard, models.CASCADE, primary_key=True, related_name="file")
    text = models.TextField()
    indicators = models.TextField()
    interpretations = models.TextField()

    def __str__(self) -> str:
        return str(self.standard)


class Clause(models.Model):
    """A row of the printed schedule (规范事项)."""

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="clauses")
    key = models.CharField(max_length=60)
    number = models.CharField(max_length=20)
    title = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["standard", "key"], name="clause_key")]

    def __str__(self) -> str:
        return f"第{self.number}项 {self.title}"


class Requirement(models.Model):
    """One checkable sentence (具体要求)."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="requirements")
    standard = models.ForeignKey(Standard, models.CASCADE, related_name="requirements")
    key = models.CharField(max_length=80)
    label = models.CharField(max_length=60)
    force = models.CharField(max_length=12)
    gap = models.CharField(max_length=40, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["standard", "key"], name="requirement_key")]

    def __str__(self) -> str:
        return self.label
