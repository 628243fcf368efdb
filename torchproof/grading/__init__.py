"""What a teacher runs: intake, rebuild, sandbox, run, judge, record, schedule."""
