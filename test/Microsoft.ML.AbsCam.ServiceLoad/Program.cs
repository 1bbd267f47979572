using System.CommandLine;
using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.ServiceLoad;

// The service is started here and on the loopback address alone; there is no option that sends load anywhere else.
var requests = new Option<int>("--requests") { DefaultValueFactory = _ => 5000, Description = "How many requests in all." };
var clients = new Option<int>("--clients") { DefaultValueFactory = _ => 8, Description = "How many clients share them." };
var pool = new Option<int>("--pool") { DefaultValueFactory = _ => 2, Description = "The service's pool of engines." };
var networks = new Option<int>("--networks") { DefaultValueFactory = _ => 1, Description = "The service's copies of the network." };
var threads = new Option<int?>("--threads") { Description = "OMP_NUM_THREADS of the service." };
var method = new Option<string>("--method") { DefaultValueFactory = _ => "abs-cam", Description = "How the service makes maps, by the method's name." };
var each = new Option<int>("--requests") { DefaultValueFactory = _ => 100, Description = "How many requests for each line." };
var few = new Option<int>("--clients") { DefaultValueFactory = _ => 4, Description = "How many clients share the ordinary requests." };
var senders = new Option<int>("--senders") { DefaultValueFactory = _ => 200, Description = "How many send slowly." };

byte[][] photos = [.. DemoScenes.HeldOut(20).Select(scene => scene.EncodePng())];
var leak = new Command("leak", "Latency, throughput and errors of a long run, and what the service holds along it.") { requests, clients, pool, networks, threads, method };
leak.SetAction(parsed => LeakReport.RunAsync(photos, parsed.GetValue(requests), parsed.GetValue(clients), [$"--Explain:PoolSize={parsed.GetValue(pool)}", $"--Explain:Networks={parsed.GetValue(networks)}", $"--Explain:Method={parsed.GetValue(method)}"], parsed.GetValue(threads)));
var pools = new Command("pools", "Latency and throughput for several sizes of the pool, copies of the network, and threads.") { each, clients, method };
pools.SetAction(parsed => PoolTable.RunAsync(photos, parsed.GetValue(each), parsed.GetValue(clients), parsed.GetValue(method)!));
var slow = new Command("slow", "Latency of ordinary requests beside slow senders, and without.") { each, few, senders, method };
slow.SetAction(parsed => SlowTable.RunAsync(photos, parsed.GetValue(each), parsed.GetValue(few), parsed.GetValue(senders), parsed.GetValue(method)!));
return await new RootCommand("Sends load to the sample service.") { leak, pools, slow }.Parse(args).InvokeAsync();
