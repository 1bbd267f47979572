using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.AbsCam;
using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Pipeline.Friend;
using Microsoft.ML.AbsCam.Pipeline.Saved;
using Microsoft.ML.Runtime;

[assembly: System.Runtime.CompilerServices.IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: LoadableClass(typeof(AbsCamTransformer), typeof(ModelArchive), null, typeof(SignatureLoadModel), ModelArchive.UserName, ModelArchive.LoaderSignature)]

namespace Microsoft.ML.AbsCam.Pipeline.Friend;

/// <summary>How a transformer lies inside ML.NET's model file: a version, the settings (<see cref="SettingsFormat"/>), and the network.</summary>
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
        string settings = SettingsFormat.Write(new SavedSettings(transformer.OutputColumnName, transformer.InputColumnName, transformer.Options with { ImportLimits = transformer.Network.ImportLimits, ScoresOutput = transformer.Network.OutputToSave, Task = transformer.Options.Task == NetworkTask.Auto ? transformer.Network.AskedTask : transformer.Options.Task }));
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
        CheckVersion(context.Header.ModelVerReadable);
        context.CheckAtModel(Version());
        SavedSettings settings = SettingsFormat.Read(context.LoadNonEmptyString(), context.Header.ModelVerWritten);
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
        network.AskedTask = settings.Options.Task == NetworkTask.Auto ? network.AskedTask : settings.Options.Task;
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

    /// <exception cref="InvalidDataException">A newer version says that this one cannot read it.</exception>
    private static void CheckVersion(uint readable)
    {
        if (readable > SettingsFormat.Version)
        {
            throw new InvalidDataException($"The saved pipeline was written by a newer version of Microsoft.ML.AbsCam: its format is {Text(readable)}, and this version reads {Text(SettingsFormat.Oldest)} to {Text(SettingsFormat.Version)}. Update the package, or save the pipeline with this version.");
        }
    }

    private static string Text(uint version) => $"{version >> 16}.{version & 0xFFFF}";

    private static VersionInfo Version() => new(
        modelSignature: "ABSCAMTR",
        verWrittenCur: SettingsFormat.Version,
        verReadableCur: SettingsFormat.Version,
        verWeCanReadBack: SettingsFormat.Oldest,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(ModelArchive).Assembly.FullName);
}
