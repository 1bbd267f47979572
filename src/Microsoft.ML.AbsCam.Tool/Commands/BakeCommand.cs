using System.CommandLine;
using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Commands.Options;
using Microsoft.ML.AbsCam.Tool.Commands.Requests;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>abscam bake: a model file that gives its saliency map too.</summary>
internal static class BakeCommand
{
    public static System.CommandLine.Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "An ONNX file." };
        var command = new System.CommandLine.Command("bake", "Write the model anew with its saliency map as an output, for whatever runs ONNX.") { model };
        var opening = new OptionTable<NetworkRequest>(NetworkOptions.Opening());
        var baking = new OptionTable<BakeRequest>(BakeFileOptions.All());
        var reference = new OptionTable<IPhotoRequest>(PreprocessingOptions.OfReference());
        baking.AddTo(command);
        reference.AddTo(command);
        opening.AddTo(command);
        command.SetAction(parsed =>
        {
            BakeRequest request = baking.Read(parsed, new BakeRequest { Model = parsed.GetValue(model)! });
            opening.Read(parsed, request);
            reference.Read(parsed, request);
            (ImageNetwork network, string output) = request.Settle();
            using (network)
            {
                if (request.Note is { } note)
                {
                    Console.WriteLine(TerminalText.Escaped(note));
                }

                return Run(network, request.Options, output);
            }
        });
        return command;
    }

    private static int Run(ImageNetwork network, BakeOptions options, string output)
    {
        using var file = new MemoryStream();
        BakedNetwork baked = network.Bake(file, options);

        // Whole or not at all.
        string part = output + ".part";
        try
        {
            File.WriteAllBytes(part, file.ToArray());
            File.Move(part, output);
        }
        finally
        {
            File.Delete(part);
        }

        Console.WriteLine(TerminalText.Escaped($"{Path.GetFileName(output)}: {network.Name} with the map of {baked.Method} for {(baked.TargetInput is null ? options.Target.ToString() : $"the class in the input '{baked.TargetInput}'")} at {baked.Layer}"));
        Console.WriteLine($"outputs: {TerminalText.Escaped(baked.SaliencyOutput)} float [batch, height, width], {TerminalText.Escaped(baked.ClassOutput)} int64 [batch]{string.Concat(baked.FurtherOutputs.Select(output => $", {TerminalText.Escaped(output)}"))}; {(baked.SizeIsOpen ? "images of any size" : "the size of images is fixed")}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{baked.Nodes} nodes more, operator set {baked.Opset}, {baked.BytesAfter} bytes instead of {baked.BytesBefore}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"on made-up images its maps in ONNX Runtime differ from this program's by {baked.Difference:G2} at most"));
        return ExitCodes.AllExplained;
    }
}
