"""Invented surveys for the demonstration (演示数据)."""
