#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""recorded.py - are all findings recorded in a folder what their schema says?  recorded.py FOLDER"""
import glob
import os
import sys

import findings

FAULTS = [f"{path}: {fault}" for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.json")))
          for fault in findings.faults(findings.read(path), [])]
sys.exit("\n".join(FAULTS[:10]) or None)
