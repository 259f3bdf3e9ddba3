(* SPDX-License-Identifier: MIT *)
(* The master lock, mutexes, conditions and events. *)
let lock = Mutex.create () and changed = Condition.create () and total = ref 0

let add () =
  for _ = 1 to 10000 do
    Mutex.lock lock;
    incr total;
    Condition.signal changed;
    Mutex.unlock lock
  done

let () =
  let workers = List.init 6 (fun _ -> Thread.create add ()) in
  Mutex.lock lock;
  while !total < 60000 do Condition.wait changed lock done;
  Mutex.unlock lock;
  List.iter Thread.join workers;
  let channel = Event.new_channel () in
  let sender () = for n = 1 to 1000 do Event.sync (Event.send channel n) done in
  let t = Thread.create sender () in
  let sum = ref 0 in
  for _ = 1 to 1000 do sum := !sum + Event.sync (Event.receive channel) done;
  Thread.join t;
  Printf.printf "%d %d\n" !total !sum
