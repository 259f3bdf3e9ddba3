;;; SPDX-License-Identifier: MIT
;;; SBCL: mutexes, queues and a collector that stops the world with signals.
(defvar *lock* (sb-thread:make-mutex))
(defvar *total* 0)
(let ((workers (loop repeat 8 collect
                 (sb-thread:make-thread
                  (lambda ()
                    (dotimes (n 2000)
                      (make-array 100)
                      (sb-thread:with-mutex (*lock*) (incf *total*))))))))
  (mapc #'sb-thread:join-thread workers))
(sb-ext:gc :full t)
(format t "~a~%" *total*)
