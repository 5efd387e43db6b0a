//! User names that are made up and told, where the profile says so (I17, I18, I59, I64).

use chamberlain::audit::store as audit;
use chamberlain::directory::user;
use chamberlain::kernel::time::Timestamp;

use super::town::Town;
use crate::support::World;

async fn made(world: World) -> (Town, super::browser::Browser, user::model::User) {
    let mut town = Town::build(world).await;
    town.app.user_names = chamberlain::kernel::user_names::UserNames::Assigned;
    let (dua, _, _) = town.staff().await;
    let mut anna = town.signed_in(dua).await;
    let form = anna.get("/admin/users/new").await.form("/admin/users/new");
    let form = form.set("given_name", "Zoé").set("family_name", "Quist").set("email", "zoe@bank-b.example");
    let page = anna.submit_and_follow(&form.set("phone", "+4969123490")).await;
    assert!(page.path.contains("done=user-created"), "{}", page.text);
    let found = user::store::find_by_email(&mut town.world.db.reader().await.unwrap(), "zoe@bank-b.example").await;
    (town, anna, found.unwrap().unwrap())
}

on_both! {
    /// I17, I18, I59, I64: the name is made up, stands in no mail, and is shown to whoever created the account until they confirm once how they told it.
    async fn i18_a_user_name_is_told_by_people_and_by_no_mail(world: World) {
        let (town, mut anna, zoe) = made(world).await;
        let name = &zoe.user_name;
        assert!(name.starts_with("zq") && name.len() == 10 && name[2..].chars().all(|c| c.is_ascii_digit()), "{name}");
        let mails = town.sent().await;
        assert!(mails.iter().any(|(to, _)| to == "zoe@bank-b.example") && mails.iter().all(|(_, text)| !text.contains(name)), "{mails:?}");
        let (address, action) = (format!("/admin/users/{}", zoe.id), format!("/admin/users/{}/user-name", zoe.id));
        let page = anna.get(&address).await;
        assert!(page.text.contains(name) && page.text.contains("never by mail"));
        let form = page.form(&action);
        assert_eq!(anna.submit(&form.clone().set("by", "mail")).await.status, 400, "mail is no way");
        assert!(anna.get(&address).await.has("#user-name-told"));
        let done = anna.submit_and_follow(&form.clone().set("by", "letter")).await;
        assert!(done.path.contains("done=user-name-told") && !done.has("#user-name-told"), "{}", done.text);
        anna.submit(&form.set("by", "phone")).await;
        let tx = &mut town.world.db.reader().await.unwrap();
        let events = audit::list_of_subject(tx, zoe.id.0, Timestamp(0), 100).await.unwrap();
        let told: Vec<_> = events.iter().filter(|event| event.kind == "user.name_told").collect();
        assert_eq!(told.len(), 1, "once");
        assert!(format!("{:?}", told[0]).contains("letter"));
    }

    /// I18: whoever may not give somebody access back is not asked to tell a name, and cannot say to have told it.
    async fn i18_only_who_looks_after_the_account_confirms_it(world: World) {
        let (town, mut anna, zoe) = made(world).await;
        let form = anna.get(&format!("/admin/users/{}", zoe.id)).await.form(&format!("/admin/users/{}/user-name", zoe.id));
        let paul = town.find("Paul").await;
        let mut paul = town.signed_in(paul).await;
        let page = paul.get(&format!("/admin/users/{}", zoe.id)).await;
        assert!(page.status == 200 && !page.has("#user-name-told"), "{}", page.text);
        let csrf = paul.get("/logout").await.attribute("input[name=csrf]", "value");
        let refused = paul.submit(&form.set("by", "phone").set("csrf", &csrf)).await;
        assert_eq!(refused.status, 403, "{}", refused.text);
    }
}
