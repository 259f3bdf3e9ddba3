// SPDX-License-Identifier: MIT
//
// shapes.rs - the shapes of shapes.c with crossbeam-channel and Rust's threads
use crossbeam_channel::{bounded, select, Receiver, Sender};
use std::thread::{spawn, JoinHandle};
use std::time::Instant;

const FEW: usize = 4;
const STAGES: usize = 8;
const CROWD: usize = 100;

type Queue = (Sender<i64>, Receiver<i64>);

fn send_share(to: &Sender<i64>, share: usize) {
    for i in 0..share {
        to.send(i as i64).unwrap();
    }
}

fn receive_share(from: &Receiver<i64>, share: usize) {
    for _ in 0..share {
        from.recv().unwrap();
    }
}

fn wait(crew: Vec<JoinHandle<()>>) {
    for thread in crew {
        thread.join().unwrap();
    }
}

fn ping_pong(q: &[Queue], count: usize) {
    let (from, to) = (q[0].1.clone(), q[1].0.clone());
    let echo = spawn(move || {
        for _ in 0..count / 2 {
            to.send(from.recv().unwrap()).unwrap();
        }
    });
    for i in 0..count / 2 {
        q[0].0.send(i as i64).unwrap();
        q[1].1.recv().unwrap();
    }
    wait(vec![echo]);
}

fn one_to_one(q: &[Queue], count: usize) {
    let to = q[0].0.clone();
    let sender = spawn(move || send_share(&to, count));
    receive_share(&q[0].1, count);
    wait(vec![sender]);
}

fn four_to_four(q: &[Queue], count: usize) {
    let mut crew = vec![];
    for _ in 0..FEW {
        let (to, from) = q[0].clone();
        crew.push(spawn(move || send_share(&to, count / FEW)));
        crew.push(spawn(move || receive_share(&from, count / FEW)));
    }
    wait(crew);
}

fn select_four(q: &[Queue], count: usize) {
    let mut crew = vec![];
    for i in 0..FEW {
        let to = q[i].0.clone();
        crew.push(spawn(move || send_share(&to, count / FEW)));
    }
    for _ in 0..count / FEW * FEW {
        select! {
            recv(q[0].1) -> v => v.unwrap(),
            recv(q[1].1) -> v => v.unwrap(),
            recv(q[2].1) -> v => v.unwrap(),
            recv(q[3].1) -> v => v.unwrap(),
        };
    }
    wait(crew);
}

fn pipeline(q: &[Queue], count: usize) {
    let mut crew = vec![];
    for i in 0..STAGES {
        let (from, to) = (q[i].1.clone(), q[i + 1].0.clone());
        crew.push(spawn(move || {
            for _ in 0..count {
                to.send(from.recv().unwrap() + 1).unwrap();
            }
        }));
    }
    let to = q[0].0.clone();
    crew.push(spawn(move || send_share(&to, count)));
    receive_share(&q[STAGES].1, count);
    wait(crew);
}

fn alone(q: &[Queue], count: usize) {
    for i in 0..count {
        q[0].0.send(i as i64).unwrap();
        q[0].1.recv().unwrap();
    }
}

fn spawn_in_crowds(count: usize, size: usize) {
    for _ in 0..count / size {
        wait((0..size).map(|_| spawn(|| {})).collect());
    }
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let capacity: usize = args[2].parse().unwrap();
    let count: usize = args[3].parse().unwrap();
    let q: Vec<Queue> = (0..=STAGES).map(|_| bounded(capacity)).collect();
    let start = Instant::now();
    match args[1].as_str() {
        "ping-pong" => ping_pong(&q, count),
        "one-to-one" => one_to_one(&q, count),
        "four-to-four" => four_to_four(&q, count),
        "select" => select_four(&q, count),
        "pipeline" => pipeline(&q, count),
        "alone" => alone(&q, count),
        "spawn" => spawn_in_crowds(count, 1),
        "spawn-crowd" => spawn_in_crowds(count, CROWD),
        shape => panic!("no shape {}", shape),
    }
    println!("{:.2}", start.elapsed().as_nanos() as f64 / count as f64);
}
