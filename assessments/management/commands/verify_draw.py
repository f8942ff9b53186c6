"""``manage.py verify_draw 3``: a stored draw made again from its seed and its frame."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.models import Draw
from assessments.spot_checks.draws import differences_of, strata_in


class Command(BaseCommand):
    help = "用存下的种子和名单重抽一遍，核对一次抽查；对不上时列出并以 1 退出"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("draw", type=int, help="抽查的编号，见抽查页")

    def handle(self, *args: Any, **options: Any) -> None:
        made = Draw.objects.select_related("period").filter(pk=options["draw"]).first()
        if made is None:
            raise CommandError(f"没有编号为 {options['draw']} 的抽查。", returncode=1)
        self.stdout.write(f"{made.period}抽查，编号 {made.pk}，种子 {made.seed}，名单 {len(made.frame)} 家")
        for stratum in strata_in(made):
            drawn = "、".join(stratum.drawn) or "无"
            self.stdout.write(f"{stratum.unit} {stratum.subject}：{len(stratum.members)} 家抽 {stratum.size}：{drawn}")
        found = differences_of(made)
        for sentence in found:
            self.stdout.write(sentence)
        if found:
            raise CommandError(f"对不上，共 {len(found)} 处。", returncode=1)
        self.stdout.write("重抽结果与记录一致。")
