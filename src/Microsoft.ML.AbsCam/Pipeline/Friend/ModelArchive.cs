using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.AbsCam;
using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Pipeline.Friend;
using Microsoft.ML.Runtime;

[assembly: System.Runtime.CompilerServices.IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: LoadableClass(typeof(AbsCamTransformer), typeof(ModelArchive), null, typeof(SignatureLoadModel), ModelArchive.UserName, ModelArchive.LoaderSignature)]

namespace Microsoft.ML.AbsCam.Pipeline.Friend;

/// <summary>How a transformer lies inside ML.NET's model file: a version, the columns and options as JSON, and the network.</summary>
internal static class ModelArchive
{
    public const string UserName = "Abs-CAM saliency maps";
    public const string LoaderSignature = "AbsCamTransform";
    private const string NetworkStream = "Network";

    public static void Save(ModelSaveContext context, AbsCamTransformer transformer)
    {
        context.CheckAtModel();
        context.SetVersionInfo(Version());
        using var network = new MemoryStream();
        using (var writer = new BinaryWriter(network, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            NetworkFormat.Save(transformer.Network, writer);
        }

        ReadOnlySpan<byte> bytes = network.GetBuffer().AsSpan(0, (int)network.Length);
        string settings = JsonSerializer.Serialize(new Settings(transformer.OutputColumnName, transformer.InputColumnName, transformer.Options with { ImportLimits = transformer.Network.ImportLimits, ScoresOutput = transformer.Network.OutputToSave }));
        context.SaveNonEmptyString(settings);
        context.Writer.Write(SHA256.HashData(bytes));
        context.SaveBinaryStream(NetworkStream, writer =>
        {
            writer.Write(network.Length);
            writer.Flush();
            network.WriteTo(writer.BaseStream);
        });
    }

    /// <summary>ML.NET finds this method by its name and signature; its return type is the first type of the LoadableClass line.</summary>
    public static AbsCamTransformer Create(IHostEnvironment environment, ModelLoadContext context)
    {
        context.CheckAtModel(Version());
        Settings settings = ReadSettings(context.LoadNonEmptyString());
        byte[] hash = context.Reader.ReadBytes(SHA256.HashSizeInBytes);
        ImageNetwork? network = null;
        bool found = context.TryLoadBinaryStream(NetworkStream, reader =>
        {
            byte[] bytes = ReadNetwork(reader);
            if (!hash.AsSpan().SequenceEqual(SHA256.HashData(bytes)))
            {
                throw new InvalidDataException("The network inside the saved pipeline is not the one that was saved: its checksum differs. The file is damaged; save the pipeline again.");
            }

            network = NetworkFormat.Load(new BinaryReader(new MemoryStream(bytes)));
        });
        if (!found || network is null)
        {
            throw new InvalidDataException("The saved pipeline has no network inside. The file is damaged; save the pipeline again.");
        }

        network.ImportLimits = settings.Options.ImportLimits;
        network.AskedOutput = settings.Options.ScoresOutput;
        network.AskedClasses = settings.Options.Labels?.Count;
        return new AbsCamTransformer(environment, settings.OutputColumnName, settings.InputColumnName, network, settings.Options, ownsNetwork: true);
    }

    private static byte[] ReadNetwork(BinaryReader reader)
    {
        try
        {
            return NetworkFormat.ReadBytes(reader, reader.ReadInt64());
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("The network inside the saved pipeline is cut short. The file is damaged; save the pipeline again.", e);
        }
    }

    private static Settings ReadSettings(string json)
    {
        try
        {
            Settings settings = JsonSerializer.Deserialize<Settings>(json) ?? throw new JsonException("it is null");
            settings.Options.Validate();
            return settings;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or NotSupportedException or NullReferenceException)
        {
            throw new InvalidDataException($"The options inside the saved pipeline cannot be read ({e.Message}). The file is damaged, or was written by a newer version.", e);
        }
    }

    private static VersionInfo Version() => new(
        modelSignature: "ABSCAMTR",
        verWrittenCur: 0x00010001, // Initial
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(ModelArchive).Assembly.FullName);

    private sealed record Settings(string OutputColumnName, string InputColumnName, AbsCamOptions Options);
}
