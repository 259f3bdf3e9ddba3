// SPDX-License-Identifier: MIT
//
// shapes.go - the shapes of shapes.c with Go's own channels
package main

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"
)

const (
	few    = 4
	stages = 8
	crowd  = 100
)

var q [stages + 1]chan int64

func sendShare(to chan<- int64, share int) {
	for i := 0; i < share; i++ {
		to <- int64(i)
	}
}

func receiveShare(from <-chan int64, share int) {
	for i := 0; i < share; i++ {
		<-from
	}
}

func start(crew *sync.WaitGroup, fn func()) {
	crew.Add(1)
	go func() {
		defer crew.Done()
		fn()
	}()
}

func pingPong(count int) {
	var crew sync.WaitGroup
	start(&crew, func() {
		for i := 0; i < count/2; i++ {
			q[1] <- <-q[0]
		}
	})
	for i := 0; i < count/2; i++ {
		q[0] <- int64(i)
		<-q[1]
	}
	crew.Wait()
}

func oneToOne(count int) {
	var crew sync.WaitGroup
	start(&crew, func() { sendShare(q[0], count) })
	receiveShare(q[0], count)
	crew.Wait()
}

func fourToFour(count int) {
	var crew sync.WaitGroup
	for i := 0; i < few; i++ {
		start(&crew, func() { sendShare(q[0], count/few) })
		start(&crew, func() { receiveShare(q[0], count/few) })
	}
	crew.Wait()
}

func selectFour(count int) {
	var crew sync.WaitGroup
	for i := 0; i < few; i++ {
		to := q[i]
		start(&crew, func() { sendShare(to, count/few) })
	}
	for i := 0; i < count/few*few; i++ {
		select {
		case <-q[0]:
		case <-q[1]:
		case <-q[2]:
		case <-q[3]:
		}
	}
	crew.Wait()
}

func pipeline(count int) {
	var crew sync.WaitGroup
	for i := 0; i < stages; i++ {
		in, out := q[i], q[i+1]
		start(&crew, func() {
			for k := 0; k < count; k++ {
				out <- <-in + 1
			}
		})
	}
	start(&crew, func() { sendShare(q[0], count) })
	receiveShare(q[stages], count)
	crew.Wait()
}

func alone(count int) {
	for i := 0; i < count; i++ {
		q[0] <- int64(i)
		<-q[0]
	}
}

func spawnInCrowds(count, size int) {
	for i := 0; i < count; i += size {
		var crew sync.WaitGroup
		for k := 0; k < size; k++ {
			start(&crew, func() {})
		}
		crew.Wait()
	}
}

func main() {
	shapes := map[string]func(int){
		"ping-pong": pingPong, "one-to-one": oneToOne, "four-to-four": fourToFour,
		"select": selectFour, "pipeline": pipeline, "alone": alone,
		"spawn":       func(count int) { spawnInCrowds(count, 1) },
		"spawn-crowd": func(count int) { spawnInCrowds(count, crowd) },
	}
	capacity, _ := strconv.Atoi(os.Args[2])
	count, _ := strconv.Atoi(os.Args[3])
	for i := range q {
		q[i] = make(chan int64, capacity)
	}
	begin := time.Now()
	shapes[os.Args[1]](count)
	fmt.Printf("%.2f\n", float64(time.Since(begin).Nanoseconds())/float64(count))
}
