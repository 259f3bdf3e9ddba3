# SPDX-License-Identifier: MIT
# Threads, mutexes, conditions, queues and child processes.
lock, condition, total = Mutex.new, ConditionVariable.new, 0
workers = 8.times.map { Thread.new { 1000.times { lock.synchronize { total += 1 } } } }
workers.each(&:join)
puts total
first, second = SizedQueue.new(2), Queue.new
threads = 4.times.map { Thread.new { while (n = first.pop) do second << n * n end } }
1000.times { |n| first << n }
4.times { first << nil }
threads.each(&:join)
puts 1000.times.sum { second.pop }
ready = false
waiter = Thread.new { lock.synchronize { condition.wait(lock) until ready } }
lock.synchronize { ready = true; condition.broadcast }
waiter.join
puts 4.times.map { |n| Thread.new { `echo #{n}`.to_i } }.sum(&:value)
GC.start
puts Process.wait2(fork { exit 3 })[1].exitstatus
