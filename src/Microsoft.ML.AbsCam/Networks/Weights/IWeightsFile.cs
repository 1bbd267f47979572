namespace Microsoft.ML.AbsCam.Networks.Weights;

/// <summary>A file of named tensors whose headers were read and checked; the numbers are still in the file.</summary>
internal interface IWeightsFile : IDisposable
{
    /// <summary>The tensors by their names in the file; each lies inside its storage.</summary>
    IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>Names of things beside the tensors that are no tensors.</summary>
    IReadOnlyList<string> Others { get; }

    /// <summary>Hands over the bytes of the tensor's storage from its first number on.</summary>
    void Read(StoredTensor tensor, Action<Stream> read);
}
