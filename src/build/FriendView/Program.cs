// Writes a copy of an assembly in which internal members read as public, for the compiler's eyes only.
// ML.NET keeps the types of its model files internal; the library compiles against the copy and, at run time, is
// admitted to the real assembly by IgnoresAccessChecksToAttribute. Private members stay private, and protected ones
// protected: publicising those would break overrides (CS0507).
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: FriendView ASSEMBLY COPY");
    return 2;
}

byte[] image = File.ReadAllBytes(args[0]);
using (var reader = new PEReader(new MemoryStream(image)))
{
    MetadataReader metadata = reader.GetMetadataReader();
    int start = reader.PEHeaders.MetadataStartOffset;
    ForEachRow(TableIndex.TypeDef, 0, flags => (flags & (ushort)TypeAttributes.VisibilityMask) switch
    {
        (ushort)TypeAttributes.NotPublic => (ushort)TypeAttributes.Public,
        (ushort)TypeAttributes.NestedAssembly => (ushort)TypeAttributes.NestedPublic,
        (ushort)TypeAttributes.NestedFamANDAssem => (ushort)TypeAttributes.NestedFamily,
        int other => (ushort)other,
    }, (ushort)TypeAttributes.VisibilityMask);
    ForEachRow(TableIndex.Field, 0, Member, (ushort)FieldAttributes.FieldAccessMask);
    ForEachRow(TableIndex.MethodDef, 6, Member, (ushort)MethodAttributes.MemberAccessMask);

    // Only the flag words change, so every row stays where it is and no table has to be rebuilt.
    void ForEachRow(TableIndex table, int flagsOffset, Func<ushort, ushort> visibility, ushort mask)
    {
        int first = start + metadata.GetTableMetadataOffset(table) + flagsOffset;
        int size = metadata.GetTableRowSize(table);
        for (int row = 0; row < metadata.GetTableRowCount(table); row++)
        {
            Span<byte> word = image.AsSpan(first + (row * size), 2);
            ushort flags = BitConverter.ToUInt16(word);
            BitConverter.TryWriteBytes(word, (ushort)((flags & ~mask) | visibility((ushort)(flags & mask))));
        }
    }
}

Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(args[1]))!);
File.WriteAllBytes(args[1], image);
return 0;

static ushort Member(ushort access) => access switch
{
    (ushort)MethodAttributes.Assembly => (ushort)MethodAttributes.Public,
    (ushort)MethodAttributes.FamANDAssem => (ushort)MethodAttributes.Family,
    _ => access,
};
