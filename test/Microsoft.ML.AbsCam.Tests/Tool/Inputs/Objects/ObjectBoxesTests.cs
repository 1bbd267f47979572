using Microsoft.ML.AbsCam.Tool;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Inputs.Objects;

namespace Microsoft.ML.AbsCam.Tests.Tool.Inputs.Objects;

/// <summary>Boxes of Pascal VOC and COCO, and masks.</summary>
[TestClass]
public sealed class ObjectBoxesTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("abscam").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void A_VOC_box_counts_pixels_from_one_and_includes_both_ends()
    {
        string file = Write("a.xml", Voc("photo.jpg", ("dog", 1, 2, 10, 20), ("cat", 5, 5, 5, 5)));
        IReadOnlyList<ObjectBox> boxes = ObjectBoxFile.Read(file).Of(File_("sub/photo.jpg"))!;
        Assert.AreEqual(new ObjectBox("dog", 0, 1, 10, 20), boxes[0]);
        Assert.AreEqual(new ObjectBox("cat", 4, 4, 5, 5), boxes[1]);
        Assert.IsNull(ObjectBoxFile.Read(file).Of(File_("other.jpg")));
    }

    [TestMethod]
    public void A_folder_of_VOC_files_is_read_and_photos_are_found_by_the_annotations_own_name_too()
    {
        Write("one.xml", Voc("wrong-name.jpg", ("dog", 1, 1, 2, 2)));
        Write("deeper/two.xml", Voc("two.jpg", ("cat", 1, 1, 2, 2)));
        var boxes = ObjectBoxFile.Read(_folder);
        Assert.AreEqual("dog", boxes.Of(File_("one.png"))!.Single().Class);
        Assert.AreEqual("cat", boxes.Of(File_("two.jpg"))!.Single().Class);
    }

    [TestMethod]
    public void A_COCO_box_is_a_corner_and_a_size()
    {
        string file = Write("instances.json", """
            {"images":[{"id":7,"file_name":"val/a.jpg"},{"id":8,"file_name":"b.jpg"}],
             "annotations":[{"image_id":7,"category_id":3,"bbox":[1.5,2,10,20],"segmentation":[[1,2,3]]},{"image_id":7,"category_id":9,"bbox":[0,0,1,1]}],
             "categories":[{"id":3,"name":"boat"}]}
            """);
        var boxes = ObjectBoxFile.Read(file);
        Assert.AreEqual(new ObjectBox("boat", 1.5f, 2, 11.5f, 22), boxes.Of(File_("val/a.jpg"))![0]);
        Assert.AreEqual("9", boxes.Of(File_("val/a.jpg"))![1].Class, "a category without a name is its number");
        Assert.IsEmpty(boxes.Of(File_("b.jpg"))!);
    }

    [TestMethod]
    [DataRow("a.xml", "<annotation><object><name>dog</name></object></annotation>", "no number <xmin>")]
    [DataRow("a.xml", "<annotation><object><bndbox/></object></annotation>", "no <name>")]
    [DataRow("a.xml", "<html/>", "does not begin with <annotation>")]
    [DataRow("a.xml", "<annotation", "not XML")]
    [DataRow("a.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><annotation>&b;</annotation>", "not XML")]
    [DataRow("a.json", "[]", "not JSON of that kind")]
    [DataRow("a.json", "{\"images\":[]}", "no lists 'images' and 'annotations'")]
    [DataRow("a.json", "{\"images\":[{\"id\":1}],\"annotations\":[]}", "has no file_name")]
    [DataRow("a.json", "{\"images\":[{\"id\":1,\"file_name\":\"a\"}],\"annotations\":[{\"image_id\":1,\"bbox\":[1,2,3]}]}", "annotation 1 has no bbox of four numbers")]
    [DataRow("a.json", "{\"images\":[],\"annotations\":[{\"image_id\":1,\"bbox\":[1,2,3,4]}]}", "image 1, which is not among the images")]
    [DataRow("a.json", "{\"images\":[{\"id\":\"x", "not JSON of that kind")]
    public void A_file_that_is_wrong_is_named_with_what_is_wrong(string name, string text, string because)
    {
        UsageException refused = Assert.ThrowsExactly<UsageException>(() => ObjectBoxFile.Read(Write(name, text)));
        StringAssert.Contains(refused.Message, name);
        StringAssert.Contains(refused.Message, because);
    }

    [TestMethod]
    public void A_missing_file_and_a_folder_without_annotations_are_refused()
    {
        StringAssert.Contains(Assert.ThrowsExactly<UsageException>(() => ObjectBoxFile.Read(Path.Combine(_folder, "none.json"))).Message, "cannot be read");
        StringAssert.Contains(Assert.ThrowsExactly<UsageException>(() => ObjectBoxFile.Read(_folder)).Message, "no .xml files");
        StringAssert.Contains(Assert.ThrowsExactly<UsageException>(() => new MaskFolder(_folder)).Message, "a folder of mask images is expected");
    }

    [TestMethod]
    public void A_mask_is_found_by_the_photos_name_whatever_its_format()
    {
        Write("deep/a.png", "");
        Write("b.bmp", "");
        var masks = new MaskFolder(_folder);
        Assert.AreEqual(Path.Combine(_folder, "deep/a.png"), masks.Of(File_("deep/a.jpg")));
        Assert.AreEqual(Path.Combine(_folder, "b.bmp"), masks.Of(File_("elsewhere/b.JPEG")));
        Assert.IsNull(masks.Of(File_("c.jpg")));
    }

    private static InputFile File_(string name) => new(name, name, Path.ChangeExtension(name, null));

    private static string Voc(string photo, params (string Name, int Left, int Top, int Right, int Bottom)[] boxes) =>
        $"<annotation><filename>{photo}</filename>{string.Concat(boxes.Select(box => $"<object><name>{box.Name}</name><difficult>0</difficult><bndbox><xmin>{box.Left}</xmin><ymin>{box.Top}</ymin><xmax>{box.Right}</xmax><ymax>{box.Bottom}</ymax></bndbox></object>"))}</annotation>";

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
