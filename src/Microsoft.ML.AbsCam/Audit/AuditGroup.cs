namespace Microsoft.ML.AbsCam;

/// <summary>Rows that belong together within a finding.</summary>
/// <param name="Text">What they have in common, in words: how many, where their heat lies, how many are right.</param>
/// <param name="Rows">Their positions.</param>
public sealed record AuditGroup(string Text, IReadOnlyList<long> Rows);
