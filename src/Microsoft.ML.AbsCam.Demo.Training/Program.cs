using System.Diagnostics;
using Microsoft.ML.AbsCam.Demo.Training.Lessons;
using TorchSharp;

Func<Lesson>[] lessons = [() => new ClassifierLesson(), () => new DetectorLesson(), () => new SegmenterLesson(), () => new EmbeddingLesson(), () => new TransformerLesson(), () => new TwinsLesson()];
string[] names = ["demo", "detector", "segmenter", "embedding", "transformer", "twins"];

if (args.Length == 0 || args.Skip(1).Any(name => !names.Contains(name)))
{
    Console.Error.WriteLine("usage: dotnet run --project src/Microsoft.ML.AbsCam.Demo.Training -c Release -- FOLDER [NETWORK …]");
    Console.Error.WriteLine($"Trains the networks named, or all of them, and writes FOLDER/NETWORK.onnx: {string.Join(", ", names)}.");
    return 2;
}

foreach (var (name, open) in names.Zip(lessons).Where(pair => args.Length == 1 || args.Skip(1).Contains(pair.First)))
{
    // Each begins from the same seed, so that one can be trained without the others.
    torch.random.manual_seed(1);
    using var lesson = open();
    var clock = Stopwatch.StartNew();
    var scenes = lesson.Draw();
    Console.WriteLine($"{name}: {lesson.Network.parameters().Sum(parameter => parameter.NumberOfElements)} parameters; drew {scenes.Count} scenes in {clock.Elapsed.TotalSeconds:F0} s");

    clock.Restart();
    var before = Environment.CpuUsage.TotalTime;
    new Trainer(lesson, scenes, seed: 1).Run(Console.WriteLine);
    Console.WriteLine($"trained in {clock.Elapsed.TotalSeconds:F0} s, {(Environment.CpuUsage.TotalTime - before).TotalSeconds:F0} s of processor time");

    lesson.Network.eval();
    using (torch.no_grad())
    {
        var path = Path.Combine(args[0], $"{name}.onnx");
        lesson.Export().Write(path);
        Console.WriteLine($"wrote {path}, {new FileInfo(path).Length} bytes");
        foreach (var line in lesson.Measure())
        {
            Console.WriteLine(line);
        }
    }
}

return 0;
