// SPDX-License-Identifier: MIT

// Goroutines that call C, channels, locks. With cgo the threads are pthreads.
package main

// static int twice(int n) { return 2 * n; }
import "C"

import (
	"fmt"
	"os/exec"
	"sync"
)

func main() {
	var (
		lock  sync.Mutex
		group sync.WaitGroup
		total int
	)
	numbers, squares := make(chan int, 3), make(chan int)
	for i := 0; i < 8; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for n := range numbers {
				lock.Lock()
				total += n
				lock.Unlock()
				squares <- int(C.twice(C.int(n)))
			}
		}()
	}
	go func() {
		for n := 0; n < 10000; n++ {
			numbers <- n
		}
		close(numbers)
		group.Wait()
		close(squares)
	}()
	sum := 0
	for n := range squares {
		sum += n
	}
	out, err := exec.Command("echo", "child").Output()
	fmt.Println(total, sum, string(out), err)
}
