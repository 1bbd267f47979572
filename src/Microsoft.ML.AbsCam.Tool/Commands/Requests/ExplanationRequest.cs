using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Report;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Commands.Requests;

/// <summary>What the command line says of photos, of how they are explained, and of where results go, for all commands that explain.</summary>
internal abstract class ExplanationRequest : NetworkRequest, IPhotoRequest
{
    private readonly PassedOver _passedOver = new();
    private TargetOption? _target;

    /// <summary>Files, folders and patterns.</summary>
    public string[] Images { get; set; } = [];

    public string Output { get; set; } = "";

    public bool Resume { get; set; }

    public bool Overwrite { get; set; }

    public bool IsQuiet { get; set; }

    /// <summary>What is asked, as it is written: one question or several.</summary>
    public IReadOnlyList<string> TargetTexts { get; set; } = [UsualTarget.Text];

    /// <summary>The same behind --target, for messages.</summary>
    public string TargetText => string.Join(" --target ", TargetTexts);

    /// <summary>How photos become the network's input, unless <see cref="Options"/> says it.</summary>
    public PreprocessingRequest Preprocessing { get; } = new();

    /// <summary>How maps are made. Class names, target and preprocessing are in it once the request is settled.</summary>
    public AbsCamOptions Options { get; set; } = new();

    /// <summary>Whether large photos are decoded at a fraction of their size; null where nothing is said.</summary>
    public Decoding? Decode { get; set; }

    /// <summary>How photos are read. The size that they are decoded to is in it once the request is settled.</summary>
    public ImageFileOptions Decoding { get; set; } = new();

    /// <summary>The files that are taken, once the request is settled.</summary>
    public IReadOnlyList<InputFile> Files { get; private set; } = [];

    /// <summary>The class to explain, once the request is settled.</summary>
    public TargetOption Target => _target ?? throw new InvalidOperationException("The request is not settled yet.");

    /// <summary>The explained layers, once the request is settled; none where no method works on layers.</summary>
    public IReadOnlyList<FeatureLayer> Layers { get; private set; } = [];

    /// <summary>What a run says before it begins: what was left out, and what was settled.</summary>
    public virtual IEnumerable<string> Notes => NotesOn([Options.Method]);

    /// <summary>The same, but what there is to say of a method is said of each of these.</summary>
    protected IEnumerable<string> NotesOn(IEnumerable<SaliencyMethod> methods) => [.. _passedOver.ToString() is { } others ? [others] : Array.Empty<string>(), .. PhotoNote(), $"{Network.Name} is taken to {Network.WhyTask}", .. methods.SelectMany(method => (Options with { Method = method }).FindingsFor(Network)).Distinct().Select(finding => $"{Network.Name}: {finding}"), .. _passedOver.Notes];

    /// <summary>How photos are decoded where nothing is said.</summary>
    protected abstract Decoding UsualDecoding { get; }

    /// <summary>Whether some method works on layers.</summary>
    protected abstract bool UsesLayers { get; }

    /// <summary>Finds the files, opens the network, and settles what depends on them.</summary>
    /// <returns>The network, which is the caller's to dispose.</returns>
    /// <exception cref="UsageException">Something does not fit.</exception>
    public ImageNetwork Settle()
    {
        if (Resume && Overwrite)
        {
            throw new UsageException("--resume goes on with a run, and --overwrite takes it away. Give one of them.");
        }

        Files = FindFiles(_passedOver);
        ImageNetwork network = Open();
        try
        {
            SettleOn(network);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    protected virtual IReadOnlyList<InputFile> FindFiles(PassedOver passedOver) => InputFiles.Find(Images, Output, passedOver);

    /// <summary>Checks what depends on the files, the classes and the target, before photos are spoken of.</summary>
    protected virtual void CheckTarget()
    {
    }

    /// <summary>What each file shows, by its name, where somebody says.</summary>
    protected virtual IReadOnlyDictionary<string, string>? TrueClasses() => null;

    /// <summary>Refuses a network that the command can do nothing with, whatever else is asked.</summary>
    protected virtual void CheckNetwork(ImageNetwork network)
    {
    }

    /// <summary>Settles what the command has for itself, when all else is settled.</summary>
    protected virtual void SettleOwn()
    {
    }

    private void SettleOn(ImageNetwork network)
    {
        CheckNetwork(network);
        Options = Options.FittedTo(network);
        int classes = network.Shape.ClassesUnder(Options.ScoreRule);
        ClassNames = Options.Labels ?? (LabelPath is null ? OwnLabels.Of(network, classes) : LabelFile.Read(LabelPath, classes));
        _target = TargetTexts is [UsualTarget.Text] && UsualTarget.Of(network) is { } usual ? usual : new TargetSyntax(ClassNames, classes, TrueClasses()).Parse(TargetTexts);
        CheckTarget();
        CheckRegions(_target);
        ImagePreprocessing seen = Options.Preprocessing ?? Preprocessing.For(network);
        if (Files.Any(file => !file.IsTensor))
        {
            // Refused before there are results.
            _ = new AbsCamOptions { Preprocessing = seen }.PreprocessingFor(network);
        }

        if (_target.Kind == TargetKind.Similar)
        {
            // No class is asked about, so none has a name.
            ClassNames = null;
        }

        if (_target.ReferencePath is { } reference)
        {
            _target = WithEmbedding(_target, network, reference, seen);
        }

        if (_target.Parts is { } parts)
        {
            _target = TargetOption.Several([.. parts.Select(part => part.ReferencePath is { } path ? WithEmbedding(part, network, path, seen) : part)]);
        }

        Options = Options with { Labels = ClassNames, Target = _target.Target, ScoresOutput = network.ScoresOutput, Preprocessing = seen };
        Decoding = Decoding with { MinimumSize = (Decode ?? (_target.CountsPixels ? Inputs.Decoding.Whole : UsualDecoding)) == Inputs.Decoding.Whole ? null : ReducedDecoding.SizeFor(seen, Thumbnail.LongerSide) };
        Layers = UsesLayers ? Options.LayersFor(network) : [];
        SettleOwn();
    }

    private void CheckRegions(TargetOption target)
    {
        if (target.CountsPixels && Decode == Inputs.Decoding.Reduced)
        {
            throw new UsageException($"--decode reduced: --target {TargetText} speaks of pixels of whole photos, and a photo at a fraction of its size has other pixels. Leave one of them out.");
        }

        InputFile[] without = target.Masks is { } masks ? [.. Files.Where(file => masks.Of(file) is null)] : [];
        if (without.Length > 0)
        {
            throw new UsageException($"--target {TargetText}: the folder holds no mask of {without.Length} of the {Files.Count} images, such as '{without[0].Name}': '{Path.ChangeExtension(without[0].Name, ".png")}' is expected. Draw one, or leave the image out.");
        }
    }

    private TargetOption WithEmbedding(TargetOption target, ImageNetwork network, string path, ImagePreprocessing seen)
    {
        try
        {
            using MLImage picture = ImageFile.Load(path, Decoding);
            return target.With(network.Embed(picture, seen), Thumbnail.Of(picture).Picture);
        }
        catch (ImageFileException e)
        {
            throw new UsageException($"--target {TargetText}: {e.Message}");
        }
    }

    private string[] PhotoNote() => Files.Any(file => !file.IsTensor) ? [$"{Network.Name}: photos go in as {PreprocessingText.Of(Options.PreprocessingFor(Network))}"] : [];
}
