"""A worker of its own process, for the test that kills it: ``python -m tests.reports.slow_work SECONDS``."""

import sys
import time

import django


def main(pause):
    django.setup()
    from django.core.management import call_command

    from reports.jobs.work import Made, work

    @work("slow")
    def slow(job):
        for step in range(1, 31):
            time.sleep(pause)
            job.progress(step, 30)
        return Made("做好了".encode(), "慢.txt", "text/plain; charset=utf-8")

    call_command("db_worker", interval=0.05, batch=True, startup_delay=False, reload=False, verbosity=0)


if __name__ == "__main__":
    main(float(sys.argv[1]))
