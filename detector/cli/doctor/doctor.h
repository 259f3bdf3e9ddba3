/* SPDX-License-Identifier: MIT */
/*
 * doctor.h - `gridlock doctor`: what works here, and what to type where it does not
 *
 * Layer:    detector/cli/doctor
 * Memory:   none
 * Locking:  none
 * Errors:   125 if `gridlock run` cannot work here
 */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

int doctor_main(int argc, char **argv);

#endif
