namespace Microsoft.ML.AbsCam.Onnx.Files;

/// <summary>What a file of a network or of its weights is, as far as its bytes tell without reading it.</summary>
internal enum ModelFileKind
{
    Unknown,
    TorchStateDict,
    TorchScript,
    LegacyTorch,
    Safetensors,
    KerasArchive,
    Hdf5,
    TensorFlowSavedModel,
    TensorFlowLite,
}
