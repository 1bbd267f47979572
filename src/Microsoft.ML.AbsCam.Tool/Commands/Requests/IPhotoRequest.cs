namespace Microsoft.ML.AbsCam.Tool.Commands.Requests;

/// <summary>A request that says how photos become the network's input.</summary>
internal interface IPhotoRequest
{
    PreprocessingRequest Preprocessing { get; }
}
