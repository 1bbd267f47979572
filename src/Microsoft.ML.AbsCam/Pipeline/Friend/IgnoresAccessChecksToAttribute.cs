namespace System.Runtime.CompilerServices;

/// <summary>Tells the runtime that this assembly may use the internal members of another; the runtime knows it by name.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
