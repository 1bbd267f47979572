namespace Microsoft.ML.AbsCam;

/// <summary>How the names in a file of weights become names of a module, and what may be left over.</summary>
public sealed record WeightsOptions
{
    /// <summary>Whether every parameter and buffer must be in the file, and nothing else. Default true; false takes what both have.</summary>
    /// <remarks>Shapes must agree either way, and at least one name must be found.</remarks>
    public bool Strict { get; init; } = true;

    /// <summary>A beginning that is taken off each name in the file that has it, for example <c>module.</c> of DataParallel. Default: none.</summary>
    public string? StripPrefix { get; init; }

    /// <summary>Turns a name in the file, after <see cref="StripPrefix"/>, into a name of the module; null leaves the tensor out. Default: names stay.</summary>
    public Func<string, string?>? MapName { get; init; }

    /// <summary>
    /// The key of the state dict inside a checkpoint that <c>torch.save</c> wrote. Default null: the file itself, or the
    /// only dictionary of tensors in it, or else the one under <c>state_dict</c>, <c>model_state_dict</c> or <c>model</c>.
    /// </summary>
    public string? StateDictKey { get; init; }
}
