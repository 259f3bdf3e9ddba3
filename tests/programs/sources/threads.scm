;; SPDX-License-Identifier: MIT
;; Guile: threads, mutexes, conditions; its collector stops the world with signals.
(use-modules (ice-9 threads) (srfi srfi-1))
(define lock (make-mutex))
(define total 0)
(define workers
  (map (lambda (i)
         (call-with-new-thread
          (lambda ()
            (do ((n 0 (+ n 1))) ((= n 2000))
              (make-vector 100 n)
              (with-mutex lock (set! total (+ total 1)))))))
       (iota 8)))
(for-each join-thread workers)
(gc)
(display total) (newline)
(display (apply + (par-map (lambda (n) (* n n)) (iota 1000)))) (newline)
