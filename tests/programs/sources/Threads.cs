/* SPDX-License-Identifier: MIT */
using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

/* Monitors, tasks, parallel queries and the collector. */
class Threads
{
    static int total;

    static void Main()
    {
        var gate = new object();
        var threads = Enumerable.Range(0, 8).Select(i => new Thread(() => {
            for (int n = 0; n < 5000; n++)
                lock (gate) { total++; new string('x', 100); }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Console.WriteLine(total);
        var tasks = Enumerable.Range(0, 50).Select(n => Task.Run(() => n * n)).ToArray();
        Task.WaitAll(tasks);
        Console.WriteLine(tasks.Sum(t => t.Result));
        Console.WriteLine(Enumerable.Range(0, 100000).AsParallel().Select(n => (long)n).Sum());
        GC.Collect();
    }
}
